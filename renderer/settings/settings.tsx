import { useEffect } from 'react';
import { takeTour } from '../frame/tour.tsx';
import { usePage } from '../state/page.ts';
import { DENSITIES, type Settings, THEMES, useSettings } from '../state/settings.ts';
import { Fact } from '../ui/fact.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { KeySettings } from './key-settings.tsx';
import { KnownMaintenance } from './maintenance.tsx';
import { Models } from './models.tsx';
import { Rules } from './rules.tsx';
import { ShellSettings } from './shell-settings.tsx';
import { Switch } from './switch.tsx';

const THEME_WORDS: Readonly<Record<Settings['theme'], string>> = {
  system: 'as this machine',
  dark: 'dark',
  light: 'light',
  contrast: 'high contrast',
};

/** How the page looks, its keys, and what leaves the machine. */
export function SettingsScreen({ id }: { id: string | undefined }) {
  useEffect(() => {
    if (id !== undefined) document.getElementById(id)?.scrollIntoView();
  }, [id]);
  const { theme, density, wideRail, dock } = useSettings();
  const info = usePage((s) => s.info);
  return (
    <div className="detail">
      <section aria-labelledby="looks">
        <h3 id="looks">Look</h3>
        <Choice name="Theme" value={theme} options={THEMES} words={(t) => THEME_WORDS[t]} set={(t) => useSettings.setState({ theme: t })} />
        <Choice name="Density" value={density} options={DENSITIES} words={(d) => d} set={(d) => useSettings.setState({ density: d })} />
        <Switch words="Names beside the places" on={wideRail} set={(on) => useSettings.setState({ wideRail: on })} />
        <Switch words="Waiting plans and feed at the side" on={dock} set={(on) => useSettings.setState({ dock: on })} />
      </section>
      <section aria-labelledby="rules">
        <h3 id="rules">What may be done without asking</h3>
        <Rules />
      </section>
      <section aria-labelledby="maintenance">
        <h3 id="maintenance">Known maintenance</h3>
        <KnownMaintenance />
      </section>
      <section aria-labelledby="models" id="models-place">
        <h3 id="models">Models</h3>
        <Models />
      </section>
      <section aria-labelledby="keys">
        <h3 id="keys">Keys</h3>
        <KeySettings />
      </section>
      <section aria-labelledby="leaves">
        <h3 id="leaves">What leaves this machine</h3>
        <p>
          Nothing, but the requests to your own clusters, the models you fetch, and what you send to an endpoint above. There is no account
          and no telemetry, and nobody is asked for newer versions unless you name a feed below; this page loads nothing from elsewhere, not
          even a font.
        </p>
        <p className="mt-2 text-ink-3">
          {info?.model == null
            ? 'No language model is set up, so no text of a cluster is given to one.'
            : `The language model ${info.model} is set up: what it is asked is redacted before.`}
        </p>
      </section>
      <section aria-labelledby="updates">
        <h3 id="updates">Newer versions</h3>
        <ShellSettings />
      </section>
      <section aria-labelledby="device">
        <h3 id="device">This device</h3>
        <DeviceSettings />
      </section>
      <section aria-labelledby="about">
        <h3 id="about">This Quarterdeck</h3>
        <dl>
          <Fact name="Version">{info?.version}</Fact>
          <Fact name="You are">{info?.user}</Fact>
          <Fact name="Data">
            <span className="name">{info?.dataDir}</span>
          </Fact>
        </dl>
        <button type="button" className="mt-3" onClick={takeTour}>
          Take the tour
        </button>
      </section>
    </div>
  );
}

function Choice<T extends string>(props: {
  name: string;
  value: T;
  options: readonly T[];
  words: (option: T) => string;
  set: (option: T) => void;
}) {
  return (
    <fieldset className="my-2 flex flex-wrap items-center gap-x-5 gap-y-1">
      <legend className="float-left w-40 text-ink-3">{props.name}</legend>
      {props.options.map((option) => (
        <label key={option} className="inline-flex min-h-6 items-center gap-2">
          <input type="radio" name={props.name} checked={option === props.value} onChange={() => props.set(option)} />
          {props.words(option)}
        </label>
      ))}
    </fieldset>
  );
}
