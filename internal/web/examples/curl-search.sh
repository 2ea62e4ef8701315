# By words and by meaning, with everything that the box on the site understands.
curl --fail --silent --get "https://papers.example/api/v1/search" \
  --data-urlencode "q=language agents year:2024.." \
  --data "limit=5"
