// every/example some/every
import type { Entrypoints } from "./375.policy.js";
const answer: Entrypoints["test/deny"]["result"] = true;
const given = {"servers":[{"ports":["80","443"]},{"ports":["80"]}]};
const input: Entrypoints["test/deny"]["input"] = given;
export {};
