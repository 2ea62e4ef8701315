// Any site's scripts may read: answers allow it (CORS).
const site = "https://papers.example";
const question = new URLSearchParams({ q: "language models", limit: 5 });

const answer = await fetch(`${site}/api/papers/search?${question}`);
if (!answer.ok) throw new Error((await answer.json()).error);
for (const { paper, title } of await answer.json()) {
  console.log(`${site}/papers/${paper.id}`, title);
}
