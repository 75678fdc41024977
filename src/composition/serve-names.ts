import { writeSync } from "node:fs";
import { AvailableRedirect } from "../kernel/redirect/available-redirect.js";
import { IptablesRedirect } from "../kernel/redirect/iptables-redirect.js";
import { nftRedirect } from "../kernel/redirect/nft-redirect.js";
import { identityOf } from "../resolver/identity.js";
import { encode, type Report } from "../resolver/messages.js";
import { ResolverPlace } from "../resolver/place.js";
import { ResolverService } from "../resolver/resolver-service.js";
import { VERSION } from "../version.js";
import { openNameViews } from "./open-name-views.js";
import { readSettings } from "./read-settings.js";

const STDOUT = 1;

/**
 * Is the resolver of the installation that the environment names, until nothing needs one. Reports on standard output what has come of
 * it.
 */
export async function serveNames(): Promise<void> {
  const report = (line: Report): void => {
    try {
      writeSync(STDOUT, encode(line));
    } catch {
      // The command that started it may be dead. Others use it, or it ends by itself.
    }
  };
  try {
    const { root, run, iptables } = readSettings({});
    await ResolverService.start({
      place: new ResolverPlace(`${run}/resolver`),
      identity: identityOf(VERSION, root),
      openViews: () => openNameViews(root),
      redirect: new AvailableRedirect(nftRedirect, [new IptablesRedirect(iptables)]),
      report,
      exit: () => process.exit(),
    });
  } catch (error) {
    report({ state: "failed", message: String((error as { readonly message?: unknown }).message ?? error) });
    process.exit(1);
  }
}
