// elsekeyword/multiple-roots
import type { Entrypoints } from "./287.policy.js";
const answer: Entrypoints["ex/multiple_roots"]["result"] = 2;
export {};
