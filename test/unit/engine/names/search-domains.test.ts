import { expect, test } from "@jest/globals";
import { Scene } from "./scene.js";

test.each([
  ["the host's search domains", {}, [["10.2.0.9"], undefined, undefined]],
  ["those of the container", { dnsSearch: ["x.example", "Own.Example."] }, [undefined, ["10.2.0.9"], undefined]],
  ["no domain, since the container asked for none,", { dnsSearch: ["."] }, [undefined, undefined, undefined]],
] as const)("a name before %s is that of a container on its networks", (_, spec, expected) => {
  using scene = new Scene();
  scene.network("back");
  scene.search = ["corp"];
  scene.container({ name: "web", on: [{ network: "back", addresses: ["10.2.0.9/24"] }] });
  const asker = scene.container({ name: "asker", on: [{ network: "back", addresses: ["10.2.0.8/24"] }], spec });
  const view = scene.views.of(asker.container.sandbox?.netns ?? "");
  expect(["web.corp", "web.own.example", "nope.corp"].map((name) => view?.searched(name))).toEqual(expected);
  for (const name of ["x.web.corp", ".corp", "corp"]) expect(view?.searched(name)).toBeUndefined();
});
