import {
  type CloudTrailClient,
  GetTrailStatusCommand,
  StartLoggingCommand,
  TrailNotFoundException,
} from "@aws-sdk/client-cloudtrail";
import { type TrailControl, TrailGone, type TrailLocation } from "../../ports/trail-control.ts";

/** Gives the client that acts in a trail's account and home region, where alone a trail may be changed. */
export type CloudTrailClientOf = (location: TrailLocation) => CloudTrailClient;

/** Trails of anything that speaks the CloudTrail API: AWS itself, or OpenTrail. */
export function cloudTrailControl(clientOf: CloudTrailClientOf): TrailControl {
  return {
    async isLogging(location) {
      const status = await unlessGone(
        location,
        clientOf(location).send(new GetTrailStatusCommand({ Name: location.trail })),
      );
      return status.IsLogging ?? false;
    },
    async startLogging(location) {
      await unlessGone(location, clientOf(location).send(new StartLoggingCommand({ Name: location.trail })));
    },
  };
}

async function unlessGone<T>({ trail }: TrailLocation, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof TrailNotFoundException) throw new TrailGone(trail, { cause: error });
    throw error;
  }
}
