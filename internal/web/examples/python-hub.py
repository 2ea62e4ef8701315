# pip install huggingface_hub
# Programs that use it already need no change: set HF_ENDPOINT=https://papers.example.
from huggingface_hub import HfApi

api = HfApi(endpoint="https://papers.example")
for paper in api.list_daily_papers(limit=5):
    print(paper.id, paper.upvotes, paper.title)
print(api.paper_info("2401.01234").summary)
