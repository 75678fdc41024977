import console from "node:console";

// jest's own console adds a stack to every line.
globalThis.console = console;
