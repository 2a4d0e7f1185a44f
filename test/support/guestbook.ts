// What a visitor of a guestbook does.
import { fetchPage } from "./site.ts";

/** Signs it through its form. */
export async function sign(url: string, entry: string): Promise<number> {
  const { status } = await fetch(url, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ entry }),
  });
  return status;
}

/** The entries that its page shows, the last one first. */
export async function entriesAt(url: string): Promise<readonly string[]> {
  const page = await fetchPage(url);
  return [...page.matchAll(/<li>(.*?)<\/li>/g)].map(([, entry = ""]) => entry);
}
