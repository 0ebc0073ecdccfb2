// refheads/website-example/partial-set
import type { Entrypoints } from "./1183.policy.js";
const answer: Entrypoints["example/public_network"]["result"] = ["n1"];
const given = {"networks":[{"id":"n1","public":true},{"id":"n2","public":false}]};
const input: Entrypoints["example/public_network"]["input"] = given;
export {};
