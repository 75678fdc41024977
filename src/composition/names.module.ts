import { ContainerModule } from "inversify";
import { ownProgram } from "../installation.js";
import { tokens } from "./tokens.js";

/** What a resolver may do beside what any process of root's may: enter namespaces, open sockets and rules in them, and read files. */
const capabilities = "-all,+sys_admin,+net_admin,+net_raw,+dac_override";

/**
 * Each container costs it some descriptors, and it serves those of all commands: the limit on them is not that of the command which
 * started it, as far as the kernel lets it choose.
 */
const limited = ["/bin/sh", "-c", 'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"', "tsd"];

/** Without what it never needs, since it reads bytes that containers send. */
const confined = [...limited, "setpriv", "--no-new-privs", "--inh-caps=-all", `--bounding-set=${capabilities}`];

/** The process that replies to containers that ask for names. */
export const namesModule = new ContainerModule(({ bind }) => {
  bind(tokens.Resolver).toDynamicValue(async (context) => {
    const { root, run, version, environment } = context.get(tokens.Settings);
    const { resolverService } = await import("../resolver/resolver.js");
    const { identityOf } = await import("../service/identity.js");
    return resolverService({
      directory: `${run}/resolver`,
      argv: [...confined, ...ownProgram("resolver")],
      env: environment,
      identity: identityOf(version, root),
    });
  });
  bind(tokens.Provider).toDynamicValue(async (context) => {
    const { ResolverProvider } = await import("../resolver/resolver-provider.js");
    return new ResolverProvider(await context.getAsync(tokens.Resolver));
  });
});
