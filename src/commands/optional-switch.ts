import { Flags, type Interfaces } from "@oclif/core";

/** A boolean flag for which it makes a difference whether it was given. */
type OptionalSwitch = Interfaces.BooleanFlag<boolean | undefined> & { readonly isOptional: true };

/** A boolean flag that is undefined, not false, where it was not given; `--flag=false` says false. */
export function optionalSwitch(description: string): OptionalSwitch {
  return { ...Flags.boolean<boolean | undefined>({ description }), isOptional: true };
}

/** Names of the boolean flags that are false unless given. */
export function plainSwitches(flags: Interfaces.FlagInput): readonly string[] {
  return Object.entries(flags).flatMap(([name, flag]) =>
    flag.type === "boolean" && !("isOptional" in flag) ? [name] : [],
  );
}
