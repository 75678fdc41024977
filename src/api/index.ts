/// <reference types="node" preserve="true" />
/** The contracts of tsd. Third-party drivers and backends import this and nothing else. */
export { type ErrorKind, TsdError, type TsdErrorInit } from "../errors/tsd-error.js";
export * from "./address-family.js";
export * from "./boundary-operation.js";
export * from "./change.js";
export * from "./container.js";
export * from "./driver.js";
export * from "./explain.js";
export * from "./extension.js";
export * from "./forwarding.js";
export * from "./host-view.js";
export * from "./image.js";
export * from "./ipam.js";
export * from "./link-kind.js";
export * from "./network.js";
export * from "./plugin.js";
export * from "./process.js";
export * from "./provider.js";
export * from "./removal.js";
export * from "./resource.js";
export * from "./step.js";
export * from "./tsd.js";
export * from "./version.js";
