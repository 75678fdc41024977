import { TsdError } from "../../errors/tsd-error.js";
import { dataText, type Element, keyText } from "./element.js";
import type { TableFamily } from "./element-sets.js";
import { schemas, TABLE } from "./skeleton.js";

/** A foreign element is in the place of `wanted`. */
export function elementTaken(wanted: Element, stored: Element): TsdError {
  const owner = stored.owner === "" ? "an unknown owner" : stored.owner.slice(0, 12);
  const leads = stored.data === undefined ? "" : `, which leads it to ${dataText(stored)}`;
  return new TsdError({
    kind: "conflict",
    code: "TSD_NAT_TAKEN",
    message: `${keyText(wanted)} in nftables ${TABLE}/${wanted.set} belongs to ${owner}${leads}`,
    hint: "Remove its owner, or choose another port.",
    details: {
      set: wanted.set,
      key: keyText(wanted),
      owner: stored.owner,
      found: keyText(stored),
      data: dataText(stored),
    },
  });
}

/** Other programs change nftables faster than a transaction can be agreed on. */
export function unsettledTable(attempts: number): TsdError {
  return new TsdError({
    kind: "kernel",
    code: "TSD_NAT_UNSETTLED",
    message: `the nftables tables ${TABLE} changed during each of ${attempts} attempts to change it`,
    hint: "Find out what else writes to them: nft monitor.",
    details: { attempts },
  });
}

/** A later tsd made the table, and this one cannot know what is in it. */
export function newerSchema(family: TableFamily, found: number): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_SCHEMA",
    message: `nftables table ${family} ${TABLE} has schema ${found}, and this tsd knows none after ${schemas[family]}`,
    hint: "Use the tsd that made it, or a later one.",
    details: { family, found, known: schemas[family] },
  });
}

/** ENOENT for a rule is how the kernel says that it has no such expression. */
export function incapableKernel(family: TableFamily): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_NAT_KERNEL",
    message: `the kernel has not all that nftables table ${family} ${TABLE} needs`,
    hint:
      family === "inet"
        ? "Use a kernel with nf_tables, nft_ct, nft_fib_inet, nft_masq and nft_nat."
        : "Use a kernel with nf_tables for bridges (NF_TABLES_BRIDGE).",
  });
}
