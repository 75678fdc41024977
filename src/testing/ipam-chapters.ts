import type { AddressProposal, IpamDriver, Pool, PoolProposal, RawOptions } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Chapter } from "./chapter.js";
import { expectRefusal, expectSame, expectThat, failureOf, words } from "./expectations.js";
import { optionCases } from "./option-cases.js";

/** One IPAM driver with one set of its options. */
export interface IpamSubject {
  readonly driver: IpamDriver;
  readonly options: RawOptions;
}

const networkId = "1".repeat(64);

/** What every IPAM driver must do. */
export function ipamChapters(subject: IpamSubject): readonly Chapter[] {
  const { driver, options } = subject;
  return [
    {
      title: "Options",
      cases: optionCases({
        flag: "--ipam-opt",
        parse: (raw) => driver.parseOptions(raw),
        samples: [options],
      }),
    },
    pools(subject),
    addresses(subject),
  ];
}

function poolProposal({ driver, options }: IpamSubject, subnet?: string): PoolProposal {
  return Object.freeze({
    networkId,
    networkName: "kit",
    family: 4,
    taken: Object.freeze([]),
    options: Object.freeze(driver.parseOptions(options)),
    ...(subnet === undefined ? {} : { subnet }),
  });
}

function pools(subject: IpamSubject): Chapter {
  const { driver } = subject;
  const proposal = (): PoolProposal => poolProposal(subject);
  return {
    title: "Pools",
    cases: [
      {
        name: "proposes a pool whose gateway lies in it",
        run: async () => expectPool(await driver.proposePool(proposal())),
      },
      {
        name: "proposes the same pool to a network that asks again",
        run: async () => {
          const first = await driver.proposePool(proposal());
          expectSame("the pool of a second call", await driver.proposePool(proposal()), first);
        },
      },
      {
        name: "takes the subnet that a user asks for, or refuses it in words",
        run: async () => {
          await driver.releasePool(proposal());
          const particular = poolProposal(subject, "10.90.0.0/24");
          let pool: Pool | undefined;
          const error = await failureOf(async () => {
            pool = await driver.proposePool(particular);
          });
          if (error === undefined) expectSame("the pool's subnet", pool?.cidr, "10.90.0.0/24");
          else {
            await expectRefusal("the subnet", () => {
              throw error;
            });
          }
        },
      },
      {
        name: "gives back its pools, and does nothing where it has none",
        run: async () => {
          for (let times = 0; times < 2; times++) await driver.releasePool(proposal());
        },
      },
    ],
  };
}

function addresses(subject: IpamSubject): Chapter {
  const { driver, options } = subject;
  let pool: Pool;
  const proposal = (holder: string, changes: Partial<AddressProposal> = {}): AddressProposal =>
    Object.freeze({
      networkId,
      pool,
      options: driver.parseOptions(options),
      holder: holder.repeat(64),
      leased: [],
      ...changes,
    });
  const propose = async (...of: Parameters<typeof proposal>): Promise<string> => driver.proposeAddress(proposal(...of));
  const release = async (holder: string): Promise<void> => driver.releaseAddress(proposal(holder));
  return {
    title: "Addresses",
    open: async () => {
      pool = await driver.proposePool(poolProposal(subject));
    },
    cases: [
      {
        name: "proposes an address of the pool, and the same one to a holder that asks again",
        run: async () => {
          const address = await propose("a");
          expectThat(isInside(pool.cidr, address), `${words(address)} is no address of ${pool.cidr}`);
          expectThat(address !== pool.gateway, `${address} is the gateway's`);
          expectSame("the address of a second call", await propose("a"), address);
        },
      },
      {
        name: "proposes another address to another holder",
        run: async () => {
          const first = await propose("a");
          expectThat((await propose("b", { leased: [first] })) !== first, `two holders get ${first}`);
        },
      },
      {
        name: "gives a particular address, or refuses it in words",
        run: async () => {
          const first = await propose("a");
          // Not the one that would be next.
          const particular = await propose("b", { leased: [first] });
          for (const holder of ["a", "b"]) await release(holder);
          expectSame("the address that was asked for", await propose("c", { address: particular }), particular);
          // tsd refuses what another holds by itself; a driver may leave that to it.
          const error = await failureOf(() => propose("d", { address: particular, leased: [particular] }));
          if (error !== undefined) expectThat(TsdError.is(error), `expected a TsdError, found ${words(error)}`);
          await release("c");
        },
      },
      {
        name: "gives back what a holder has, does nothing where it has none, and proposes the address again",
        run: async () => {
          const address = await propose("e");
          for (let times = 0; times < 2; times++) await release("e");
          expectSame("the address after it was given back", await propose("f", { address }), address);
          for (const holder of ["a", "b", "d", "f"]) await release(holder);
        },
      },
    ],
    close: async () => driver.releasePool(poolProposal(subject)),
  };
}

function expectPool({ cidr, gateway }: Pool): void {
  expectThat(isInside(cidr, gateway), `the gateway ${words(gateway)} is no address of ${words(cidr)}`);
}

/** Of IPv4, which all of the kit's pools are. */
function isInside(cidr: string, address: string): boolean {
  const [base = "", length = ""] = cidr.split("/");
  const bits = 32 - Number(length);
  const [network, one] = [numberOf(base), numberOf(address)];
  return network !== undefined && one !== undefined && Math.floor(network / 2 ** bits) === Math.floor(one / 2 ** bits);
}

function numberOf(address: string): number | undefined {
  const octets = address.split(".").map(Number);
  const sound = octets.length === 4 && octets.every((octet) => Number.isInteger(octet) && octet >= 0 && octet < 256);
  return sound ? octets.reduce((sum, octet) => sum * 256 + octet, 0) : undefined;
}
