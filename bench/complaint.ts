/** What went wrong, in one line: what a program wrote to standard error, else the error's own words. */
export function complaintOf(error: unknown): string {
  const { stderr, message } = Object(error) as { readonly stderr?: unknown; readonly message?: unknown };
  const words = [stderr, message, error].map((value) => String(value ?? "").trim()).find((text) => text !== "");
  return words?.split("\n")[0] ?? "failed";
}
