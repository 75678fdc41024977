import { TsdError } from "../../errors/tsd-error.js";

/** The error for an archive whose bytes make no sense. `archive` is its path or another word for it. */
export function damagedArchive(archive: string, why: string, cause?: unknown): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_IMAGE_ARCHIVE_DAMAGED",
    message: `${archive} ${why}`,
    hint: "Make or copy the archive again.",
    details: { archive },
    cause,
  });
}
