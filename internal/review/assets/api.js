// What is asked of the server. Every path is relative to the page, whose link holds the secret.

export class Refused extends Error {
  // status is that of HTTP; 0: nobody answered.
  constructor(status, text) {
    super(text);
    this.status = status;
  }
  // passing says that the same may work later.
  get passing() { return this.status === 0 || this.status >= 500; }
}

export async function ask(path, body) {
  let response;
  try {
    response = await fetch(path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  } catch {
    throw new Refused(0, "");
  }
  let got = null;
  try {
    got = await response.json();
  } catch { /* answered below */ }
  if (!response.ok || got === null) throw new Refused(response.ok ? 500 : response.status, got?.error ?? String(response.status));
  return got;
}

// query writes the end of a path; empty values are left out.
export function query(values) {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(values)) if (v !== "" && v !== null && v !== undefined) q.set(k, v);
  return `?${q}`;
}
