export { serveAgent } from "./composition/serve-agent.js";
export { stayAsAgent } from "./composition/stay-as-agent.js";
