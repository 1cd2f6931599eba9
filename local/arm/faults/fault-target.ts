import type { GroupProperties } from '../wire/container-group-body.ts';
import type { FaultOperation } from './fault-operation.ts';

/** What a fault may be aimed at: a group, or a request that has to do with one. What is not known is absent. */
export interface FaultTarget {
  region?: string | undefined;
  resourceGroup?: string | undefined;
  name?: string | undefined;
  images?: readonly string[];
  operation?: FaultOperation;
}

/** What a fault is aimed at; a list that is absent leaves nothing out. */
export interface FaultAim {
  /** Of the fault. */
  kind: string;
  /** In ARM's form. */
  regions?: readonly string[] | undefined;
  resourceGroups?: readonly string[] | undefined;
  /** Patterns in which `*` stands for any text. */
  names?: readonly string[] | undefined;
  /** With or without a tag. */
  images?: readonly string[] | undefined;
  operations?: readonly FaultOperation[] | undefined;
}

/** Tells whether a fault hits a target. What is not known of a target is not hit by a fault that asks about it. */
export function isAimedAt(aim: FaultAim, target: FaultTarget): boolean {
  const { region, resourceGroup, name, images = [], operation } = target;
  return (
    (aim.regions?.includes(region ?? '') ?? true) &&
    (aim.resourceGroups?.some((each) => each.toLowerCase() === resourceGroup?.toLowerCase()) ?? true) &&
    (aim.names?.some((pattern) => name !== undefined && isLike(name, pattern)) ?? true) &&
    (aim.images?.some((each) => images.some((image) => isImage(image, each))) ?? true) &&
    (aim.operations?.some((each) => each === operation) ?? true)
  );
}

/** Tells whether an image, with or without a tag or digest, is the one that is named. */
export function isImage(image: string, named: string): boolean {
  return image === named || image.startsWith(`${named}:`) || image.startsWith(`${named}@`);
}

/** A group as a target. */
export function groupTarget(group: {
  location: string;
  resourceGroup: string;
  name: string;
  properties: GroupProperties;
}): FaultTarget {
  const { location, resourceGroup, name, properties } = group;
  return { region: location, resourceGroup, name, images: imagesOf(properties) };
}

/** The images of a group, in the order of its containers. */
export function imagesOf(properties: GroupProperties): string[] {
  return (properties.containers ?? []).map((container) => container.properties?.image ?? '');
}

/** Those images of a group that a fault is aimed at: all of them unless it names some. */
export function imagesHit(aim: FaultAim, properties: GroupProperties): string[] {
  return imagesOf(properties).filter((image) => aim.images?.some((each) => isImage(image, each)) ?? true);
}

/** Names in Azure are the same in every letter case. */
function isLike(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
}
