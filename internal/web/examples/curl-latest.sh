# The newest papers of the editions, five at a time.
curl --fail --silent "https://papers.example/api/daily_papers?limit=5"
