// refheads/general, external non-ground var
import type { Entrypoints } from "./1166.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"bar":{"r":{"bar":1,"baz":2,"foo":0}}};
const given = {"x":["foo","bar","baz"],"y":1};
const input: Entrypoints["test/p"]["input"] = given;
export {};
