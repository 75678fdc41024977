/**
 * JavaScript of a worker: a function that ends what the main thread runs at this moment, and nothing else. In the executable
 * another file stands in the place of this one.
 */
export const endLoop = `() => {
  const { Session } = require("node:inspector");
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution");
}`;
