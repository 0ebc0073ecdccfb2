// refheads/general, input var
import type { Entrypoints } from "./1165.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"bar":{"r":"foo"}};
const given = {"x":"bar"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
