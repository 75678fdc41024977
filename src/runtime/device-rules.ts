import type { OciDeviceRule } from "./oci-config.js";

const use = (major: number, minor?: number): OciDeviceRule => ({
  allow: true,
  type: "c",
  major,
  ...(minor === undefined ? {} : { minor }),
  access: "rwm",
});

/** Nodes may be made of any device, but only harmless ones opened (Documentation/admin-guide/devices.txt). */
export const harmlessDevices: readonly OciDeviceRule[] = [
  { allow: false, access: "rwm" },
  { allow: true, type: "c", access: "m" },
  { allow: true, type: "b", access: "m" },
  use(1, 3), // null
  use(1, 5), // zero
  use(1, 7), // full
  use(1, 8), // random
  use(1, 9), // urandom
  use(5, 0), // tty
  use(5, 1), // console
  use(5, 2), // ptmx
  use(136), // pseudo-terminals
];

export const everyDevice: readonly OciDeviceRule[] = [{ allow: true, access: "rwm" }];
