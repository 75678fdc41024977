/** A plug-in whose IPAM driver keeps its ledger as files in `dir`, which show what a killed tsd left. */
import { rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export default {
  name: "file-ipam",
  apiVersion: 1,
  ipam: [
    {
      name: "file",
      parseOptions: (raw) => raw,
      async proposePool({ options: { dir }, networkId }) {
        await sleep(1);
        writeFileSync(`${dir}/${networkId}`, "");
        return { cidr: "10.61.0.0/24", gateway: "10.61.0.1" };
      },
      async releasePool({ options: { dir }, networkId }) {
        await sleep(1);
        rmSync(`${dir}/${networkId}`, { force: true });
      },
      async proposeAddress({ options: { dir }, networkId, holder }) {
        await sleep(1);
        writeFileSync(`${dir}/${networkId}-${holder}`, "");
        return "10.61.0.9";
      },
      async releaseAddress({ options: { dir }, networkId, holder }) {
        await sleep(1);
        rmSync(`${dir}/${networkId}-${holder}`, { force: true });
      },
    },
  ],
};
