// Questions and commands over HTTP.

const TRIES = 2;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What went wrong, as the server or the connection says it; `fields` is `[{field, message}]`. */
export class ApiError extends Error {
  constructor(status, code, message, fields = []) {
    super(message);
    Object.assign(this, { status, code, fields });
  }
}

/** The answer to a question, below /api/v1. Raises ApiError. */
export const get = (path, options = {}) => answered(path, options);

/**
 * A command: sent again with the same key if its answer is lost, so that it happens once. Returns the
 * answer's body; raises ApiError.
 */
export async function send(method, path, body) {
  const headers = { "Idempotency-Key": key() };
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) headers["X-CSRF-Token"] = token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const options = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await answered(path, options);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 0 || attempt === TRIES) throw error;
      await pause(1000);
    }
  }
}

/** Wait for what became of a command: `{status, outcome}`, or null if that took too long. */
export async function outcome(id) {
  for (const wait of [150, 350, 500, 1000, 2000, 4000, 8000]) {
    await pause(wait);
    const command = await get(`commands/${id}`);
    if (command.status !== "accepted") return command;
  }
  return null;
}

async function answered(path, options) {
  let answer;
  try {
    answer = await fetch(`/api/v1/${path}`, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "no_answer", "No answer came from the bot, so it may or may not have arrived.");
  }
  const body = await answer.json().catch(() => null);
  if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
  if (answer.ok && body !== null) return body;
  const told = body?.error;
  throw new ApiError(
    answer.status,
    told?.code ?? "unreadable",
    told?.message ?? `The answer (HTTP ${answer.status}) could not be read.`,
    told?.fields ?? [],
  );
}

/** Unique; `crypto.randomUUID` is missing where a page is served without TLS from another machine. */
function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
