// helloworld/test_case
import type { Entrypoints } from "./570.policy.js";
const answer: Entrypoints["test/p"]["result"] = 7;
const given = {"baz":"bar"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
