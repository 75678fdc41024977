import { probe } from "./plugins/installed/probe.js";

/** What `tsd plugin add` starts to load a plug-in for the first time. */
probe(process.argv.slice(2));
