# What is new, what a search finds, what one author writes, what is like one paper.
curl --fail --silent "https://papers.example/papers.rss"
curl --fail --silent "https://papers.example/papers.atom?q=language+models"
curl --fail --silent "https://papers.example/papers/trending.json"
curl --fail --silent "https://papers.example/papers/date/2026-05-27.bib"
