// jsonremove/error invalid paths type set with numbers
import type { Entrypoints } from "./631.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
