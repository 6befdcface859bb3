import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsString, MaxLength, ValidateBy } from 'class-validator';
import { DESTINATION_KINDS } from '../destinations/destination.dto.js';
import { IsName } from '../http/name-field.js';
import { NestedField, NestedList } from '../http/nested-field.js';
import { OptionalField } from '../http/optional-field.js';
import { MatcherBody, RouteSettingsBody } from '../routes/route.dto.js';
import { MOST_MATCHERS } from '../routes/matcher.js';
import { SourceSettingsBody } from '../sources/source-settings.dto.js';
import { referredVariable } from './secret-reference.js';

const MOST_THINGS = 1_000;
const LONGEST_PROVIDER = 50;
const MOST_REFERENCES = 10;

/** Secrets by name: each `${DESKWIRE_SECRET_…}`, or a list of such. */
type References = Record<string, string | string[]>;

/** A secret stands in a document by reference alone. The message never shows what stood there. */
function IsSecretReferences(): PropertyDecorator {
  return ValidateBy({
    name: 'isSecretReferences',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((one) => isReference(one) || isReferenceList(one)),
      defaultMessage: (problem) =>
        `${problem?.property ?? ''} must be references such as \${DESKWIRE_SECRET_NAME}, never the secrets themselves`,
    },
  });
}

function isReference(value: unknown): boolean {
  return referredVariable(value) !== undefined;
}

function isReferenceList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= MOST_REFERENCES && value.every(isReference);
}

/** What every part of a document has. */
class ConfigThing {
  /** By which the thing is known again: another name is another thing. */
  @IsName()
  name!: string;

  /** Default: false. */
  @OptionalField()
  @IsBoolean()
  disabled?: boolean;
}

export class ConfigSource extends ConfigThing {
  @IsString()
  @MaxLength(LONGEST_PROVIDER)
  provider!: string;

  @OptionalField()
  @NestedField(() => SourceSettingsBody)
  settings?: SourceSettingsBody;

  @OptionalField()
  @IsSecretReferences()
  secrets?: References;
}

export class ConfigDestination extends ConfigThing {
  @IsIn(DESTINATION_KINDS)
  kind!: (typeof DESTINATION_KINDS)[number];

  /** Held to the rules of their kind where they are read. */
  @IsObject()
  settings!: Record<string, unknown>;

  @OptionalField()
  @IsSecretReferences()
  secrets?: References;
}

export class ConfigRoute extends ConfigThing {
  /** The name of one of the destinations. */
  @IsName()
  destination!: string;

  /** Default: none, which is every event. */
  @OptionalField()
  @IsArray()
  @ArrayMaxSize(MOST_MATCHERS)
  @NestedList(() => MatcherBody)
  matchers?: MatcherBody[];

  @OptionalField()
  @NestedField(() => RouteSettingsBody)
  settings?: RouteSettingsBody;
}

/** A whole configuration. A part that is left out stays as it is; of one that is there, what it does not name goes. */
export class ConfigDocument {
  @OptionalField()
  @IsArray()
  @ArrayMaxSize(MOST_THINGS)
  @NestedList(() => ConfigSource)
  sources?: ConfigSource[];

  @OptionalField()
  @IsArray()
  @ArrayMaxSize(MOST_THINGS)
  @NestedList(() => ConfigDestination)
  destinations?: ConfigDestination[];

  /** In the order in which they are asked. */
  @OptionalField()
  @IsArray()
  @ArrayMaxSize(MOST_THINGS)
  @NestedList(() => ConfigRoute)
  routes?: ConfigRoute[];
}
