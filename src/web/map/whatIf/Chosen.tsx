import type { MapGraphView } from '../../../map/views.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useWords } from '../../words/Words.tsx';

/** What stops: elements one by one, or all of a site, or all of a supplier. */
export function Chosen({
  view,
  stopped,
  onToggle,
}: {
  view: MapGraphView;
  stopped: readonly string[];
  onToggle(reference: string): void;
}) {
  const { t, say } = useWords();
  const words = t.mapWhatIf;
  const sites = view.sites.filter(({ id }) =>
    view.nodes.some((node) => node.site === id && node.kind !== 'careFunction'),
  );
  const suppliers = view.suppliers.filter(({ id }) =>
    view.nodes.some((node) => node.supplier === id || node.id.startsWith(`${id}:`)),
  );
  const nameOf = (reference: string): string => {
    const [word, id] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)];
    const node = view.nodes.find((one) => one.id === reference);
    if (node !== undefined) return say(node.name);
    const site = view.sites.find((one) => one.id === id);
    if (word === 'site' && site !== undefined) return words.allOf(say(site.name));
    const supplier = view.suppliers.find((one) => one.id === id);
    return word === 'supplier' && supplier !== undefined ? words.allOf(supplier.name) : reference;
  };
  const whole = [
    ...sites.map(({ id, name }) => ({ reference: `site:${id}`, name: say(name), group: 'sites' as const })),
    ...suppliers.map(({ id, name }) => ({ reference: `supplier:${id}`, name, group: 'suppliers' as const })),
  ].filter(({ reference }) => !stopped.includes(reference));
  return (
    <div className="what-if-chosen">
      <ul>
        {stopped.map((reference) => (
          <li key={reference}>
            <button type="button" onClick={() => onToggle(reference)}>
              {nameOf(reference)}
              <Icon name="close" />
              <span className="visually-hidden">{words.takeOut}</span>
            </button>
          </li>
        ))}
      </ul>
      {stopped.length === 0 && <p>{words.choose}</p>}
      {whole.length > 0 && (
        <select
          className="input no-print"
          aria-label={words.addWhole}
          value=""
          onChange={(event) => event.target.value !== '' && onToggle(event.target.value)}
        >
          <option value="">{words.addWhole}</option>
          {(['sites', 'suppliers'] as const).map((group) => (
            <optgroup key={group} label={words[group]}>
              {whole
                .filter((one) => one.group === group)
                .map(({ reference, name }) => (
                  <option key={reference} value={reference}>
                    {name}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      )}
    </div>
  );
}
