/** What plug-ins that import nothing of tsd's throw to refuse in words. */
export class InvalidInput extends Error {
  name = "TsdError";
  kind = "invalid-input";
  code = "TSD_KIT_PLUGIN";
  hint = undefined;
  details = {};

  constructor(message) {
    super(message);
    Object.defineProperty(this, Symbol.for("tsd.error"), { value: true });
  }
}
