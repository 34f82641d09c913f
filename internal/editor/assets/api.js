// What is asked of the server. Every path is relative to the page, whose link holds the secret.

export class Refused extends Error {
  constructor(status, got) {
    super(got.error);
    this.status = status;
    this.remarks = got.remarks ?? [];
  }
}

export async function ask(path, body) {
  let response;
  try {
    response = await fetch(path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  } catch {
    throw new Refused(0, { error: "scan edit does not answer: it has ended; what was changed since the last saving is on this page only" });
  }
  let got;
  try {
    got = await response.json();
  } catch {
    got = { error: `scan edit answered ${response.status}; start it again` };
  }
  if (!response.ok) throw new Refused(response.status, got);
  return got;
}
