import type { Calendar } from '../../../../map/model.ts';
import { Choice } from '../../../parts/Choice.tsx';
import { useWords } from '../../../words/Words.tsx';
import { read, useWriting } from './draft.ts';
import { Row, Text } from './Plain.tsx';

const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Hours = Exclude<Calendar, 'always'>;
const office: Hours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' };

/** When a care function is needed. */
export function NeededWhen() {
  const { t } = useWords();
  const { draft, set } = useWriting();
  const calendar = read(draft, 'calendar') as Calendar | undefined;
  const hours = typeof calendar === 'object' ? calendar : undefined;
  return (
    <Row at="calendar" name="calendar" isOwn>
      {() => (
        <div className="edit-calendar">
          <Choice
            legend={t.mapEdit.fields.calendar}
            legendShown={false}
            value={hours === undefined ? 'always' : 'hours'}
            options={[
              { value: 'always', label: t.mapEdit.always },
              { value: 'hours', label: t.mapEdit.someHours },
            ]}
            onChange={(value) => set('calendar', value === 'always' ? 'always' : office)}
          />
          {hours !== undefined && (
            <>
              <fieldset className="edit-days">
                <legend className="visually-hidden">{t.mapEdit.daysLegend}</legend>
                {week.map((day) => (
                  <label key={day}>
                    <input
                      type="checkbox"
                      checked={hours.days.includes(day)}
                      onChange={(event) =>
                        set('calendar', {
                          ...hours,
                          days: week.filter((one) => (one === day ? event.target.checked : hours.days.includes(one))),
                        })
                      }
                    />
                    <span>{t.mapEdit.days[day]}</span>
                  </label>
                ))}
              </fieldset>
              {(['from', 'to'] as const).map((end) => (
                <label key={end} className="edit-hour">
                  <span>{end === 'from' ? t.mapEdit.fromHour : t.mapEdit.toHour}</span>
                  <input
                    type="text"
                    inputMode="numeric"
                    placeholder="08:00"
                    value={hours[end]}
                    onChange={(event) => set('calendar', { ...hours, [end]: event.target.value })}
                  />
                </label>
              ))}
            </>
          )}
        </div>
      )}
    </Row>
  );
}

/** Who signed the tier, the weight and the calendar, and when. */
export function Signed() {
  const { t } = useWords();
  const { set, me } = useWriting();
  return (
    <div className="edit-signed">
      <Text at="signedBy" name="signedBy" />
      <Text at="signedOn" name="signedOn" type="date" />
      <button type="button" className="edit-link" onClick={() => set('signedOn', me.on)}>
        {t.mapEdit.signNow}
      </button>
    </div>
  );
}
