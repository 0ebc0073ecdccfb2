// jwtdecodeverify/hs256-unconstrained
import type { Entrypoints } from "./669.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [true,{"alg":"HS256","typ":"JWT"},{"azp":"alice","hr":false,"subordinates":[],"user":"alice"}];
export {};
