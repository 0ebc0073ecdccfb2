// jwtverifyhs512/success
import type { Entrypoints } from "./713.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
