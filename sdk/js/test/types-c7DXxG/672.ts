// jwtdecodeverify/rs256-aud-list
import type { Entrypoints } from "./672.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"RS256","typ":"JWT"},{"aud":["fred","bob"],"iss":"xxx"}];
export {};
