import { isDeepStrictEqual } from "node:util";
import { familyOf, isIntent, type Resource, withoutPrefix } from "../../api/index.js";
import type { Case, Chapter } from "../chapter.js";
import { expectSame, expectThat, words } from "../expectations.js";
import { addresses } from "../lab/addresses.js";
import { withoutChance } from "../lab/chance.js";
import { type Call, expectCalls } from "./calls.js";
import { damageOf } from "./damage.js";
import { reachOf } from "./driver-subject.js";
import { LanGateway } from "./lan-gateway.js";
import type { Stage } from "./stage.js";

/** Each resource of the lists is damaged by another program in turn; check must name it, and reload repair it. */
export function repair(stage: Stage): Chapter {
  const { subject } = stage;
  const { driver, extension } = subject;
  const gateway = new LanGateway(subject);
  const targets: Call[] = [];
  const cases: Case[] = [];
  return {
    title: "Damage is found and repaired",
    open: async () => {
      await stage.open();
      await gateway.open();
      await stage.create();
      await stage.attach("a2");
      const { addresses: own } = await stage.attach("a1", "first", driver.capabilities.publishes ? ["8080:80"] : []);
      targets.push(...flowsTo(subject, own.map(withoutPrefix)));
      await expectCalls(stage.lab, targets);
      for (const resource of await listsOf(stage)) {
        const damage = damageOf(resource, extension.providers ?? []);
        if (damage === undefined) continue;
        cases.push({
          name: `reload repairs ${nameOf(resource)} after it was ${damage.done}`,
          run: async () => {
            await damage.act();
            await expectRepair(stage, resource);
            await expectCalls(stage.lab, targets);
          },
        });
      }
    },
    cases,
    close: async () => {
      try {
        await stage.close();
      } finally {
        await gateway.close();
      }
    },
  };
}

/** The network's list, and that of the container with most in it; of intents with one owner one each. */
async function listsOf(stage: Stage): Promise<readonly Resource[]> {
  const { driver } = stage.subject;
  const netns = stage.lab.netns("a1");
  const all = await stage.lab.withTsd((tsd) => {
    const { network, endpoints } = tsd.networks.inspect("kit-first");
    const own = endpoints.filter(({ endpoint }) => endpoint.netns === netns);
    return [...driver.network(network), ...own.flatMap(({ endpoint }) => driver.endpoint(network, endpoint))];
  });
  return all.filter((resource, index) => {
    if (!isIntent(resource)) return true;
    return all.findIndex((other) => isIntent(other) && other.owner === resource.owner) === index;
  });
}

async function expectRepair({ lab }: Stage, resource: Resource): Promise<void> {
  const found = await lab.withTsd((tsd) => tsd.system.check());
  const named = found.some((drift) => "resource" in drift && isSame(drift.resource, resource));
  expectThat(named, `check does not name ${words(resource)}; it finds ${words(found)}`);
  const { left } = await lab.withTsd((tsd) => tsd.system.reload());
  expectSame("what reload leaves", left, []);
  expectSame("what check finds after reload", await lab.withTsd((tsd) => tsd.system.check()), []);
}

/** What removal writes back follows the host, and is nothing that exists. */
function isSame(one: Resource, other: Resource): boolean {
  const lasting = (resource: Resource): object => ({ ...resource, restore: undefined });
  return isDeepStrictEqual(lasting(one), lasting(other));
}

function flowsTo(subject: Parameters<typeof reachOf>[0], own: readonly string[]): readonly Call[] {
  const { neighbours, outside } = reachOf(subject);
  return own.flatMap((address): readonly Call[] => [
    ...(neighbours ? [{ from: "a2", to: "a1", address, reached: true } as const] : []),
    ...(outside
      ? [{ from: "a1", to: "outside", address: addresses[familyOf(address)].outside, reached: true } as const]
      : []),
  ]);
}

/** What distinguishes a resource for people, without ids. */
function nameOf(resource: Resource): string {
  const { kind, ...rest } = resource;
  const telling = Object.entries(rest).filter(([key, value]) => typeof value === "string" && key !== "mac");
  const text = telling.map(([key, value]) => `${key}=${value}`).join(" ");
  return `the ${kind} ${withoutChance(text)}`.trim();
}
