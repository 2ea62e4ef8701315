# pip install requests
import requests

url = "https://papers.example/api/daily_papers?week=2026-W22&limit=20"
while url:
    answer = requests.get(url, timeout=30)
    answer.raise_for_status()
    for item in answer.json():
        print(item["paper"]["id"], item["numComments"], item["title"])
    url = answer.links.get("next", {}).get("url")  # absent on the last page
