import { serveNames } from "./composition/serve-names.js";

/** What the first command starts that makes a container on a network with names. */
void serveNames();
