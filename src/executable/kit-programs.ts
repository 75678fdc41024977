/** Processes of the conformance kit, which share most of what they are. */
export const trafficAgent = () => import("../testing/programs/traffic-agent.js");
export const verifyProcess = () => import("../testing/programs/verify-process.js");
export const doomedProcess = () => import("../testing/programs/doomed-process.js");
