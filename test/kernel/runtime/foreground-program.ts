import type { RuntimeSpec } from "../../../src/api/index.js";
import { OciRuntime, type OciRuntimeOptions } from "../../../src/runtime/oci-runtime.js";

/** Runs one container in the foreground, as a command would; `argv[2]` is JSON. Ends by itself, never by process.exit. */
const { options, spec } = JSON.parse(process.argv[2] ?? "") as { options: OciRuntimeOptions; spec: RuntimeSpec };
const runtime = new OciRuntime(options);
await runtime.create(spec);
const attachment = await runtime.attach(spec, process);
await runtime.start(spec.id);
await attachment.pump();
process.exitCode = runtime.exit(spec.id)?.code ?? 99;
await runtime.remove(spec.id);
