// baseandvirtualdocs/enumerate/key in base and virtual doc yielded once with values
import type { Entrypoints } from "./139.policy.js";
const answer: Entrypoints["test/p"]["result"] = [{"b":"interesting"},{"c":"other"}];
export {};
