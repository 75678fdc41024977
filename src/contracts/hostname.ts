const label = "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?";
const labels = new RegExp(`^${label}(\\.${label})*$`);

/** Labels of letters, digits and inner hyphens (RFC 1123 §2.1), and underscores, which docker users write; see hostname(7). */
export function isHostname(text: string): boolean {
  return text.length <= 253 && labels.test(text);
}
