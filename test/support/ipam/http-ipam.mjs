/** A plug-in with an IPAM driver that asks another program by HTTP, as a company's would. */
import { TsdError } from "../../../dist/api.js";

async function call(method, { url }, path, body) {
  const reply = await fetch(`${url}/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (reply.ok) return reply.json();
  const { address } = body ?? {};
  if (reply.status === 409) {
    throw new TsdError({ kind: "conflict", code: "ACME_TAKEN", message: `address ${address} is taken in the ledger` });
  }
  if (reply.status === 507) throw new TsdError({ kind: "exhausted", code: "ACME_FULL", message: "the ledger is full" });
  throw new TsdError({ kind: "plugin", code: "ACME_DOWN", message: `the ledger replied ${reply.status}` });
}

export default {
  name: "acme-ipam",
  apiVersion: 1,
  ipam: [
    {
      name: "acme",
      parseOptions({ url, ...rest }) {
        const [key = url === undefined ? "url" : undefined] = Object.keys(rest);
        if (key === undefined) return { url };
        const message = key === "url" ? "option url is missing" : `there is no option ${key}`;
        throw new TsdError({ kind: "invalid-input", code: "ACME_OPTION", message });
      },
      proposePool: ({ options, networkId, ...wanted }) =>
        call("PUT", options, `pools/${networkId}/${wanted.family}`, wanted),
      async releasePool({ options, networkId }) {
        for (const family of [4, 6]) await call("DELETE", options, `pools/${networkId}/${family}`);
      },
      proposeAddress: ({ options, networkId, holder, ...wanted }) =>
        call("PUT", options, `addresses/${networkId}/${holder}`, wanted),
      releaseAddress: ({ options, networkId, holder }) => call("DELETE", options, `addresses/${networkId}/${holder}`),
    },
  ],
};
