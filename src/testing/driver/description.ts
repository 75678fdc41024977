import { API_VERSION } from "../../api/index.js";
import type { Chapter } from "../chapter.js";
import { expectSame, expectThat, words } from "../expectations.js";
import type { DriverSubject } from "./driver-subject.js";

/** What a driver says of itself. */
export function description({ extension, driver, own }: DriverSubject): Chapter {
  return {
    title: "The driver describes itself",
    cases: [
      {
        name: "is called by a word for a command line",
        run: () => {
          const word = /^[a-z0-9][a-z0-9_.-]{0,31}$/;
          expectThat(word.test(driver.type), `its type is ${words(driver.type)}, which is no word like "my-driver"`);
        },
      },
      {
        name: "is written for this version of the contracts",
        run: () => expectSame("the extension's apiVersion", extension.apiVersion, API_VERSION),
      },
      {
        name: "has every verb that a driver must have",
        run: () => {
          for (const verb of ["parseOptions", "parseEndpointOptions", "network", "endpoint"] as const) {
            expectSame(`the type of its ${verb}`, typeof driver[verb], "function");
          }
        },
      },
      {
        name: "states its capabilities, and has many networks of namespaces of their own",
        run: () => {
          const { needsIpam, publishes, namespace, singleton } = driver.capabilities ?? {};
          expectSame(
            "the types of needsIpam and publishes",
            [typeof needsIpam, typeof publishes],
            ["boolean", "boolean"],
          );
          if (!own)
            expectSame("namespace and singleton", { namespace, singleton }, { namespace: "own", singleton: false });
        },
      },
    ],
  };
}
