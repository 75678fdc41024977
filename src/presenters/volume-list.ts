import type { VolumeDetails } from "../api/index.js";
import { byteSize } from "./byte-size.js";
import { labelsText } from "./labels-text.js";
import type { ListRow, ListView } from "./list-view.js";

type VolumeField = "Driver" | "Name" | "Scope" | "Mountpoint" | "Labels" | "Links" | "Size" | "Availability";

/** docker's columns. */
export const volumeView: ListView<VolumeField> = {
  headings: {
    Driver: "DRIVER",
    Name: "VOLUME NAME",
    Scope: "SCOPE",
    Mountpoint: "MOUNTPOINT",
    Labels: "LABELS",
    Links: "LINKS",
    Size: "SIZE",
    Availability: "AVAILABILITY",
  },
  columns: ["Driver", "Name"],
  quiet: "Name",
};

/** `size` in bytes, where it was measured. */
export function volumeRow({ volume, users }: VolumeDetails, size?: number): ListRow<VolumeField> {
  return {
    Driver: volume.driver,
    Name: volume.name,
    Scope: "local",
    Mountpoint: volume.mountpoint,
    Labels: labelsText(volume.labels),
    Links: String(users.length),
    Size: size === undefined ? "N/A" : byteSize(size),
    Availability: "N/A",
  };
}
