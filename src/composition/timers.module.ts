import { ContainerModule } from "inversify";
import { ownProgram } from "../installation.js";
import { tokens } from "./tokens.js";

/** The process that does something for containers from time to time. */
export const timersModule = new ContainerModule(({ bind }) => {
  bind(tokens.TimerService).toDynamicValue(async (context) => {
    const { root, run, version, environment } = context.get(tokens.Settings);
    const { timerService } = await import("../timers/timer-service.js");
    const { identityOf } = await import("../service/identity.js");
    return timerService({
      directory: `${run}/timers`,
      argv: ownProgram("timers"),
      env: environment,
      identity: identityOf(version, root),
    });
  });
  bind(tokens.Provider).toDynamicValue(async (context) => {
    const { TimerProvider } = await import("../timers/timer-provider.js");
    const { HealthFiles } = await import("../timers/health-files.js");
    const { run } = context.get(tokens.Settings);
    return new TimerProvider(await context.getAsync(tokens.TimerService), new HealthFiles(`${run}/health`));
  });
});
