# One day; week=2026-W22 and month=2026-05 work alike.
curl --fail --silent "https://papers.example/api/daily_papers?date=2026-05-27&limit=100"
