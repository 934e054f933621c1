import { useId } from 'react';
import './choice.css';

/** A few exclusive options side by side: radio buttons, so that arrow keys and screen readers know them. */
export function Choice<Value extends string | number>({
  legend,
  value,
  options,
  onChange,
  legendShown = true,
}: {
  legend: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: NoInfer<Value>) => void;
  legendShown?: boolean;
}) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className={legendShown ? '' : 'visually-hidden'}>{legend}</legend>
      <div className="choice-options">
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
